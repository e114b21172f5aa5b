"""The words of headers that are no field by themselves, but change or forbid what a header means.

The names of the fields themselves are in intake.fields; headers are taken apart by intake.mapping.headers.
"""

from lead_store.intake.mapping.senses import Sense

WORDS: dict[Sense, str] = {
    Sense.MOBILE: """
        mobile, wireless, tlm, telm, tm, port, cell, cellphone, cellular, mob, smartphone, msisdn, celular,
        telemóvel, cel, móvil,
        portable, gsm, handy, mobil, mobiltelefon, mobilfunk, mobilszám, matkapuhelin, κινητό,
        mobilnummer, mobiltlf, handynummer, handynr, natel, natelnummer, funktelefon, mobilfunknummer,
        handphone, nomor hp, no hp, hp, mobilní telefon, cellulare,
        telefonino, мобильный, сотовый, мобільний, cep
        telefonu, komórka, komórkowy, telefon komórkowy, mobiel, الجوال, جوال, موبايل, मोबाइल, 手机, 手机号,
        手机号码, 携帯, 携帯電話, 휴대폰, נייד""",
    Sense.WHATSAPP: """
        whatsapp, whats app, whats, wa, wpp, zap, zapzap, wsp, ватсап, واتساب, watsapp, whatsap""",
    Sense.SMS: "sms, text, text message, text messages, texts, txt, txt msg, torpedo",
    Sense.HOME: """
        hab, habitación, hem, hjem, vast, fix, stacjonarny, hemtelefon, fastnet,
        home, hm, personal, private, residencial, residência, residencia, casa, pessoal,
        particular, domicílio, domicilio, domicile, personnel, personnelle, privé, privat, privater,
        maison, abitazione, personale, abit, resid, res, dom, priv, fixo, fijo, fixe, festnetz, fisso,
        landline, land line, домашний, личный, частный, domowy, thuis""",
    Sense.WORK: """
        praca, bus, arbetstelefon,
        arbete, arbejde, arbeid, work, business, office, comercial, trabalho, trabajo, laboral,
        oficina, travail, bureau, professionnel, professionnelle, pro, geschäftlich, dienstlich, büro,
        arbeit, gesch, ufficio, lavoro, corporativo, profissional, profesional, uff, lav, geschäftl, dienstl,
        prof, рабочий, institucional, służbowy, werk, direct, job""",
    Sense.PRIMARY: """
        premier, première, primario, primaria, primaire, primary, main, default, preferred, principal,
        padrão, preferencial, preferido, haupt, haupttelefon, principale, predefinito, основной, hoofd,
        best, melhor, mejor, meilleur, standard""",
    Sense.SECOND: """
        secondary, sekundäre, second, tertiary, third, alternative, alternate, alt, other, additional, backup, extra,
        secundário, segundo, segunda, alternativo, outro, outra, adicional, secundario, otro, otra,
        secondaire, autre, weitere, weiteres, weiterer, zweite, zusätzlich, altro, altra, secondario,
        aggiuntivo, другой, дополнительный, diğer, overig""",
    Sense.BILLING: """
        billing, bill to, invoice to, faturamento, cobrança, facturación, facturation, rechnungs,
        fatturazione""",
    Sense.SHIPPING: """
        shipping, ship, ship to, delivery, entrega, envío, livraison, liefer, lieferung, spedizione,
        consegna, destinatário, destinatario, destinataire, empfänger, receiver, recipient, consignee""",
    Sense.PERSON: """
        prospecto, prospecta, voter, debtor, cardholder, card holder, account holder, homeowner, rider, enrollee,
        correntista, eleitor, eleitora, cooperado, cooperada, cotista, condômino, munícipe, devedor, elector,
        deudor, abonado, électeur, électrice, assuré, assurée, usager, débiteur, wähler, versicherte,
        schuldner, abonnent, assistito, elettore, tesserato, abbonato, cli, pac, leerling, contactpersoon,
        kursteilnehmer, uczeń, pacjent,
        encuestado, encuestada, feligrés, feligresa, parroquiano, paroissien, paroquiano, parrocchiano,
        gemeindemitglied, household head, hh head, head of household, chef de ménage, jefe de hogar, chefe de família,
        uczestniczka, elev,  patientin, kundin, mitarbeiterin, cursist, bezoeker, kontakt osoba,
        camper, cavaleiro, catequizando, catecúmeno,
        visitante, customer, client, lead, passenger, traveler, traveller, passageiro, viajante, pasajero,
        passager, passeggero, reisender, invitee, borrower, policyholder, insured, trainee, apprentice,
        pupil, parishioner, shopper, caller, entrant, delegate, enquirer, inquirer, player, athlete,
        runner, segurado, segurada, cursista, mentorado, formando, atleta, colaborador, colaboradora,
        trabalhador, empleado, asegurado, aspirante, postulante, jugador, joueur, licencié, salarié,
        employé, locataire, mieter, versicherter, mitarbeiter, spieler, contraente, assicurato, alunno,
        alunna, dipendente, giocatore, inquilino, person, user, member, student, patient, participant,
        attendee, guest, subscriber, visitor, donor, constituent, applicant, candidate, respondent,
        registrant, prospect, learner, resident, tenant, employee, volunteer, profile, individual,
        customers, leads, cliente, aluno, aluna, paciente, participante, inscrito, membro, usuário,
        pessoa, associado, sócio, doador, candidato, convidado, morador, interessado, assinante,
        beneficiário, funcionário, discente, estudante, fiel, congregado, voluntário, hóspede, locatário,
        usuario, persona, alumno, alumna, miembro, socio, estudiante, invitado, suscriptor, huésped,
        asistente al evento, interesado, donante, contribuyente, personne, utilisateur, élève, adhérent,
        étudiant, membre, invité, abonné, donateur, bénévole, visiteur, kunde, kunden, mitglied,
        mitglieder, teilnehmer, teilnehmerin, schüler, patienten, gast, benutzer, spender, bewerber,
        interessent, empfängername, persona di contatto, partecipante, studente, paziente, iscritto,
        utente, invitato, allievo, donatore, ospite, клиент, участник, пользователь, ученик, студент,
        пациент, müşteri, üye, öğrenci, hasta, klient, uczestnik, klienta, klant, kund, medlem, deltagare,
        mitgl, referente, deelnemer, lid, 客户, 顾客, ansprechpartner, contact person, persona contacto,
        interlocuteur, interlocutor, filiado, filiada, consorciado, consorciada,
        patron, solicitante, acadêmico, acadêmica,
        persona de contacto, pessoa de contato, subscription holder, cust, consumer, ouvinte, mandant, mandantin,
        mandanten, pelanggan, anagrafica, zákazník, zákaznice, zákazníčka, klientka""",
    Sense.CONTACT: """
        contact, contacts, recapito, recapiti, contato, contatos, contacto, contactos, kontakt, contatto,
        контакт, контактный,
        контакта, kontaktperson, kontaktowy, iletişim, جهة الاتصال""",
    Sense.BUYER: """
        acquéreur, acheteuse, kjøper, köpare, koper,
        buyer, purchaser, payer, booker, booked by, ordered by, purchased by, comprador, compradora,
        pagador, acheteur, payeur, käufer, besteller, acquirente, compratore, покупатель, покупателя,
        заказчик""",
    Sense.STRANGER: """
        enumerator, interviewer, surveyor, encuestador, enquêteur, entrevistador, recenseador,
        intervistatore, shipper, consignor, remetente, remitente, expéditeur, absender, mittente,
        pediatrician, pediatra, pédiatre, kinderarzt, nanny name, veterinarian, vet, godparent,
        godmother, godfather, pate,  padrinho, madrinha, padrino, madrina, opiekuna, lekarz,
        trener, handlowiec, sprzedawca, verkoper, begeleider,  huisarts, contact d'urgence,
        noodcontact, läkare, tränare, lege, veli, părinte, părinți, medic, doktor, hekim,
        mother, mothers, mom, mum, father, fathers, dad, parent, parents, guardian, guardians, spouse,
        husband, wife, partner, child, children, son, daughter, sibling, brother, sister, emergency, ice,
        next of kin, nok, relative, family contact, household, assistant, assistants, manager, managers,
        supervisor, owner, owners, seller, sales rep, salesrep, rep, representative, salesperson, sales
        person, agent, agents, advisor, adviser, consultant, coach, trainer, instructor, teacher, tutor,
        doctor, physician, dentist, therapist, provider, staff, author, creator, created by, modified by,
        updated by, assigned, assigned to, assignee, reports to, reportsto, reply to, to email, referred
        by, inviter, invited by, convidado por, invitado por, referrer, referral, referred, recommended
        by, affiliate, producer, reseller, dealer, operator, sender, host, organizer, organiser, landlord,
        witness, sponsor, companion, plus one, closer, sdr, gp, officer, aunt, uncle, grandmother,
        grandfather, grandparent, neighbor, neighbour, roommate, friend, boyfriend, girlfriend, fiance,
        nanny, babysitter, driver, accountant, lawyer, courier, technician, planner, coordinator,
        director, mentor, social worker, nurse, customer service, support, hotline, call center,
        reception, front desk, tia, tio, avó, avô, vizinho, vizinha, amigo, amiga, namorado, namorada,
        noivo, noiva, babá, motorista, porteiro, síndico, zelador, contador, advogado, advogada,
        entregador, técnico, coordenador, coordenadora, diretor, diretora, orientador, psicólogo,
        enfermeiro, fornecedor, transportadora, suporte, sac, recepção, secretaria, central, tía, tío,
        abuela, abuelo, vecino, novio, novia, conductor, contable, abogado, mensajero, coordinador,
        proveedora, oncle, tante, voisin, ami, chauffeur, comptable, avocat, fournisseur, accueil, onkel,
        nachbar, freund, fahrer, steuerberater, anwalt, lieferant, nonna, nonno, zio, zia, vicino,
        autista, commercialista, avvocato, fornitore, co borrower, co applicant, co owner, co signer,
        joint owner, caregiver, carer, executor, attorney, beneficiary, company contact, sales, broker,
        realtor, vendor, supplier, counselor, recruiter, account manager, case worker, mãe, da me, pai,
        pais ou responsáveis, filiação, responsável, responsáveis, cônjuge, esposa, esposo, marido, filho,
        filha, filhos, parente, emergência, vendedor, vendedora, dono, proprietário, corretor, corretora,
        atendente, atendido por, operador, consultor, consultora, gerente, gestor, encarregado,
        encarregado de educação, líder, pastor, supervisora, captador, promotor, afiliado, produtor,
        coprodutor, co produtor, indicado por, recomendado por, recommandé par, empfohlen von,
        consigliato da, indicação, indicador, quem indicou, parceiro, professor,
        professora, instrutor, médico, dentista, profissional responsável, criado por, modificado por,
        alterado por, atribuído, autor, organizador, acompanhante, recado, recados, fiador, avalista,
        dependente, titular, secretária, representante, usuário responsável, madre, padre, tutora,
        apoderado, acudiente, cónyuge, hijo, hija, hijos, emergencia, asesor, asesora, propietario, dueño, dueña,
        encargado, agente, ejecutivo, responsable, asignado, creado por, referido por, referido,
        recomendado, profesor, profesora, entrenador, asistente, jefe, acompañante, representante legal,
        proveedor, ayudante, mère, père, conjoint, époux, épouse, enfant, enfants, urgence, vendeur,
        commercial, propriétaire, conseiller, responsable légal, tuteur, parrain, créé par, modifié par,
        assigné, gestionnaire, médecin, enseignant, professeur, accompagnant, assistante, référent,
        parrainé par, affecté à, apporteur, mutter, vater, eltern, elternteil, ehepartner, ehefrau,
        ehemann, kind, kinder, notfall, notfallkontakt, verkäufer, vertreter, besitzer, inhaber, betreuer,
        berater, assistent, assistentin, chef, vorgesetzter, lehrer, arzt, erstellt von, geändert von,
        zugewiesen, zuständig, geworben von, erziehungsberechtigter, erziehungsberechtigte,
        sachbearbeiter, vermittler, empfohlen von, genitore, genitori, coniuge, moglie, marito, figlio,
        figli, emergenza, venditore, proprietario, consulente, responsabile, medico, insegnante, docente,
        assegnato, creato da, segnalato da, tutore, assistente, agenzia, ответственный, менеджер, кем,
        автор, мама, мать, отец, родитель, kim, sahibi, anne, baba, opiekun, właściciel, eigenaar""",
    Sense.GUARDIAN: """
        ouder, ouders, verzorger, ouder verzorger, rodzic, rodzica, rodzice, opiekun, opiekuna,
        målsman, vårdnadshavare,  forælder, forældre, værge, foresatt, foresatte, veli, părinte,
        părinți,
        guardian, guardians, parent, parents, parental, responsável, responsáveis, encarregado de
        educação, enc educação, pais ou responsáveis, responsável financeiro, responsável legal, apoderado, acudiente,
        tutor legal, padre o tutor, tutor, tutora, carer, parent carer, responsable légal, resp, resp légal,
        resp fin, eltern, elternteil, erziehungsberechtigter,
        erziehungsberechtigte, genitore, genitori, parent guardian, titular, titulaire, intestatario,
        titular conta, titular contrato, titular linha, titular reserva, titular cuenta, titular línea,
        titulaire compte, titulaire contrat, titulaire ligne""",
    Sense.THING: """
        block, tower, wing, flat, floor, apartment, apt, bloco, torre, andar, apartamento, bloque, piso, palazzina,
        element, seat, table, asset, bien, compagnia, compagnia assicurativa, especie, espécie, raça, raza, race, breed,
        species, mascote, dog, cat, horse, target country, destination country, country of interest, preferred country,
        pais de destino, pais de interesse, pais de interes, pays de destination, pays d interet, zielland,
        metric, métrica, indicator, indicador, kpi, product, item, membership name, event, evento, campaign,
        campaigns, ad, ads, adset, ad set, form,
        page, list, list name, plan, course, class, workspace, workflow, sequence, file, template,
        project, job title, deal, deals, opportunity, pipeline, stage, funnel, ticket type, utm, source,
        source name, origin, origem, origen, quelle, provenance, fonte, offer, coupon, discount, price,
        sku, domain, website, url, web, site, link, store, shop, branch, insurance, insurer, seguradora,
        aseguradora, krankenkasse, hausarzt, assurance, mutuelle, assicurazione, device, browser, app, os,
        ip, channel, session, click, gclid, fbclid, message, conversation, photo, image, avatar, picture,
        lot, batch, team, department, section, room, question, category, media, video, tier, venue,
        subject, survey, property, listing, unit, building, condominium, school, bank, hotel, clinic,
        vehicle, cell group, car, pet, animal, social, facebook, instagram, linkedin, linked in, twitter,
        skype, telegram, tiktok, ig, fb, messenger, google, icq, msn, snapchat, produto, campanha,
        anúncio, formulário, página, plano, curso, turma, oferta, cupom, preço, lote, loja, filial,
        projeto, negócio, oportunidade, funil, etapa, célula, imóvel, empreendimento, unidade, edifício,
        condomínio, conta, pix, chave pix, upi, upi id, escola, banco, clínica, veículo, modelo, foto, imagem,
        setor, departamento, tema, assunto, disciplina, série, arquivo, serviço, convênio, convenio, producto, campaña,
        anuncio, formulario, cupón, precio, tienda, sucursal, proyecto, negocio, oportunidad, embudo,
        inmueble, propiedad, edificio, cuenta, escuela, colegio, grado, asunto, servicio, mascota,
        archivo, produit, événement, évènement, campagne, annonce, formulaire, offre, magasin, projet,
        affaire, école, classe, sujet, véhicule, fichier, produkt, artikel, veranstaltung, kampagne,
        anzeige, formular, kurs, angebot, filiale, projekt, schule, klasse, thema, haustier, datei,
        prodotto, articolo, campagna, annuncio, modulo, corso, offerta, negozio, progetto, scuola,
        squadra, tipologia, сделки, сделка, товар, воронка, этап, источник, страница, сайт""",
    Sense.ORDER: """
        informed consent, consent form, photo consent, image consent, medical consent, termo de
        consentimento, consentimento informado, consentimiento informado, consentement éclairé, consenso
        informato, order, orders, ticket, invoice, transaction, purchase, payment, booking, reservation,
        registration, enrollment, subscription id, contract, quote, pedido, venda, transação, compra,
        ingresso, inscrição, fatura, pagamento, contrato, reserva, factura, pago, inscripción, entrada,
        commande, facture, paiement, billet, réservation, inscription, contrat, bestellung, bestell,
        rechnung, zahlung, buchung, vertrag, auftrag, ordine, ordini, fattura, biglietto,
        prenotazione, contratto, заказ, заказа, cotización, cotizacin, orçamento""",
    Sense.NUMBER: """
        number, num, no, nr, nbr, nº, número, n, nro, numéro, nummer, numero, номер, numarası, numer,
        nomor, رقم, 号码, 番号, nos, numbers, números""",
    Sense.TAX_ID: """
        cpf, cnpj, cpf cnpj, rg, nif, nie, dni, rut, run, ruc, rfc, curp, cuit, cuil, cedula, cédula, nit,
        tax, tax id, vat, vat number, ssn, ein, tin, pan, aadhaar, passport, passaporte, pasaporte,
        documento, document, identidad, identidade, inscrição estadual, codice fiscale, partita iva, p
        iva, siret, siren, steuernummer, ustid, ust id, cif, nss, pis, cnh, crm number, inn, инн,
        документ, tc kimlik, personnummer, personnr, pesel, nip, bsn, contribuinte, fiscal, fiscale""",
    Sense.ADDRESS: """
        address, direct mail, postal mail, mail merge, snail mail, mail stop, street, city, state, zip,
        zipcode, postal, postcode, postal code, zip code, mailing, province, region, county, suburb, po
        box, neighborhood, location, endereço, rua, logradouro, bairro, cidade, uf, cep, complemento,
        morada, código postal, localidade, dirección, calle, ciudad, provincia, colonia, municipio,
        comuna, adresse, rue, ville, code postal, département, straße, strasse, ort, plz, postleitzahl,
        stadt, anschrift, hausnummer, wohnort, bundesland, indirizzo, codice postale, via, città, cap,
        comune, адрес, город, улица, индекс, adres, miasto, latitude, longitude, address 1, address 2,
        lat, lng, bundesland kanton, kanton""",
    Sense.TIME: """
        date, dates, start, end, first contact, last contact, first visit, last visit, first seen, first
        in, last in, first out, last out, first purchase, time, timestamp, datetime, created, updated, modified,
        changed, birthday, birth, dob,
        bday, born, since, at, on, last, expires, expiry, anniversary, age, year, month, day, hour,
        duration, activity, added, joined, seen, gmtoff, dstoff, timezone, data, datas, hora, horário,
        carimbo, nascimento, aniversário, criado, criação, atualizado, cadastro, idade, ano, mês, dia,
        fecha, fechas, nacimiento, cumpleaños, edad, alta, creado, creación, año, mes, date de naissance,
        naissance, anniversaire, créé, création, âge, heure, année, mois, datum, geburtsdatum, geburtstag,
        erstellt, erstellungsdatum, alter, jahr, monat, uhrzeit, zeit, nascita, compleanno, creato,
        creazione, età, anno, дата, время, рождения, tarih, data urodzenia, datums, última, último,
        ultimo, ltimo""",
    Sense.DETAIL: """
        emailed, called, texted, messaged,
        double opt in, double optin, type, types, preferred contact, preferred contact method, contato
        preferencial, contacto preferido, contact préféré, bevorzugter kontakt, wrong, old, former,
        previous, antigo, antiga, anterior, antiguo, antigua, ancien, ancienne, precedente, vecchio, art,
        credit, credits, ids, label, kind, status, verified, verification, valid, validated, validity,
        confirmed, confirmation, confirm, bounced, bounce, bounces, sent, opens, opened, open, clicks,
        clicked, delivered, count, total, amount, score, rating, quality, hash, hashed, md5, sha256, sha,
        carrier, operator name, preference, preferences, format, ext, extension, url, link, result,
        verify, error, errors, invalid, flag, has, exists, available, availability, formatted country,
        description, notes, note, comments, comment, title, position, role, occupation, size, model,
        brand, version, language, locale, gender, sex, rank, level, color, code type, attempts, call,
        calls, frequency, mode, permission status, permission, icon, theme, usage, provider name,
        engagement, tipo, etiqueta, situação, verificado, validado, válido, confirmado, confirmação,
        confirmar, enviados, abertos, quantidade, qtd, qtde, operadora, ramal, preferência, erro,
        inválido, descrição, observação, observações, obs, cargo, função, profissão, gênero, sexo, idioma,
        valor, nota, pontuação, ligação, ligações, classificação, situación, verificación, enviado,
        cantidad, importe, descripción, observaciones, puesto, profesión, género, notas, comentarios,
        comentário, comentários, statut, vérifié, validé, confirmé, quantité, montant, titre, poste,
        fonction, sexe, langue, remarques, commentaires, opérateur, typ, bestätigt, verifiziert, gültig,
        anzahl, betrag, beschreibung, notizen, bemerkung, bemerkungen, titel, beruf, geschlecht, sprache,
        anrede, verificato, valido, confermato, conferma, quantità, importo, descrizione, titolo, ruolo,
        professione, sesso, lingua, stato, тип, статус, описание, должность, пол, ramo, extensión,
        durchwahl, interno""",
    Sense.REASON: """
        keyword, opt out keyword,
        reason, reasons, base legal, legal basis, base jurídica, base juridique, rechtsgrundlage, source,
        ip, track, tracking,
        campaign, campaign title, method, version, history, log, origin, user agent, motivo, origem,
        origen, motif, raison, grund, quelle, causa, origine""",
    Sense.OTHER_NAME: """
        sam account name, sam account, samaccountname, goes by, user principal name,
        preferred name, unique name, nombre de usuario, nome de usuário, nom d'utilisateur, nome utente,
        gebruikersnaam, middle, middle name, tussenvoegsel, voorvoegsel, additional name, nickname, nick,
        maiden, phonetic, yomi, prefix, suffix, initials, salutation, username, user name, login, screen
        name, alias, short name, honorific, signature, handle, pronunciation, file as, preferred pronouns,
        second last name, apelido, apelido do contato, nome do meio, segundo nome, tratamento, pronome, segundo
        nombre, segundo apellido, apellido materno, apellido m, ap materno, apodo, mote, tratamiento, sobrenombre,
        deuxième prénom, second prénom, surnom, civilité, nom de jeune fille, pseudo, suffixe, préfixe,
        weitere vornamen, zweiter vorname, spitzname, geburtsname, mädchenname, anrede, benutzername, initialen, secondo
        nome, soprannome, appellativo, отчество, обращение, kana, フリガナ, よみがな, furigana, patronymic,
        patronym, birth name, former name, religious name, mathers maiden""",
    Sense.OTHER_LINE: """
        fax, pager, telex, isdn, tty, tdd, telefax, télécopie, télécopieur, beeper, callback, rückmeldung,
        radio, car phone, autotelefon, autotelefono, voip, sip, факс, факса, пейджера, faks,
        hörbehinderte, tty tdd, toll free, 0800, mobiltelefon 2""",
    Sense.CALLING_CODE: """
        ddi, phone code, dial code, dialing code, calling code, phone country code, country calling code,
        phone prefix, phone extension, código do país do telefone, ländervorwahl, indicatif pays, prefisso
        internazionale, isd code, isd""",
    Sense.WITH_AREA_CODE: """
        com ddd, com o ddd, with area code, with country code, incl area code, mit vorwahl, con prefijo,
        con lada, con código de área, con prefisso, avec indicatif, inclua o ddd, incluindo ddd, including
        country code, include country code, including area code, incl country code, con código de país,
        com código do país, mit ländervorwahl, código de área y número""",
    Sense.OPT_IN: """
        subscrito, subscrita, consimțământ, abonné mailing, abonné email, abonné sms, abonné
        newsletter,  zgoda marketingowa, samtykke, samtycke, toestemming, acord marketing,
        opt in, optin, opted in, opted in to email, opted in to sms, opted in to marketing, optins, subscribed,
        consent, consents, consented, newsletter,
        nieuwsbrief, nyhetsbrev, nyhedsbrev, marketing permission, receive emails, marketing consent,
        consentimento, consentiu, consentimiento, suscrito, suscripción, consentement, einwilligung,
        zustimmung, einverständnis, angemeldet, consenso, acconsento, lgpd, gdpr, rgpd, dsgvo, accepts
        marketing, permission to, согласие, subscriber status, can contact, ok to contact, may contact,
        can email, can text, ok to text, ok to email, text ok, txt msg ok, sms ok, whatsapp ok, mailshot,
        mail shot, mailing consent, boletim, boletín, allow contact""",
    Sense.ACCEPT: """
        acord, sunt de acord, samtycker, godkänner, akkoord,
        accept, accepts, accepted, permission, can we, may we, can i, may i, posso, puedo, puis je, darf
        ich, would you like, are you happy, happy for us, podemos, deseja, gostaria, quer, você quer,
        quiere, desea, pouvons nous, souhaitez vous, dürfen wir, möchten sie, möchtest du, ich möchte,
        vuoi, desidera, possiamo, te gustaría, agree, agrees, agreed, agreement, allow, allows, allowed,
        authorize, authorise, authorized, i agree, aceita, aceito, aceite, aceitou, aceitar, autoriza,
        autorizo, autorização,
        permite, permito, permissão, concordo, concorda, concordou, acepta, acepto, aceptó, autorización,
        permiso, accepte, acceptez, accepter, autorise, j accepte, accord, akzeptiert, einverstanden,
        zustimmen, erlaubt, accetta, accetto, accettazione, autorizza, autorizzo, autorizzazione,
        permette, согласен, newsletter signup, interested in receiving, eu aceito, receive, receives, want to
        receive, would like to receive, deseja receber, quero receber, gostaria de receber, aceita
        receber, aceito receber, recebe, quer receber, desea recibir, quiero recibir, souhaite recevoir,
        möchte erhalten, zgoda, zgody, izni, izin""",
    Sense.TOPIC: """
        marketing, broadcast, broadcasts, newsletter, newsletters, messages, message, messaging,
        communication, communications, notifications, notification, content, information, tips, offers,
        promotions, promotional, promo, updates, news, contacted, receiving, mensagem, mensagens,
        comunicação, comunicações, novidades, notícias, promoções, ofertas, notificações, informativos,
        conteúdos, informações, avisos, dicas, contatado, receber, recebimento, dados, mensaje, mensajes,
        comunicaciones, novedades, noticias, promociones, notificaciones, contenidos, información,
        consejos, publicidad, recibir, datos, actualités, informations, publicité, recevoir, données,
        nachrichten, werbung, werbe, neuigkeiten, informationen, angebote, erhalten, daten, messaggi,
        comunicazioni, novità, promozioni, informazioni, aggiornamenti, pubblicità, ricevere, dati,
        marketingowa, marketingowe,
        marketingowy, handlowe, рассылка, рассылки, email, e mail, emails, e mails, correo, courriel, mailing""",
    Sense.STATUS: "status, état, estado, situação, situación, statut, stato, standing, статус",
    Sense.SUBSCRIPTION: """
        subscription, email subscription, subscriber, marketing, promotional, promotions, notification,
        notifications, offers, updates, messages, comunicação, communication, newsletter, abonnement,
        assinatura de email, iscrizione, suscripción, email permission, kommunikation""",
    Sense.NEUTRAL: """
        recommended, recomendado, recomendada, recommandé, empfohlen, consigliato,
        yes no, y n, sim não, sí no, oui non, ja nein,
        public, público, value, your, yours, my, seu, sua, seus, tu, su, sus, votre, ton, ta, vos, mon,
        deine, ihre, ihr, deiner, mein, meine, tuo, tua, il, suo, what, whats, is, qual, quais, é, s,
        whose, please, enter, type your, digite, informe, insira, escreva, preencha, cuál, cual, es,
        ingresa, ingrese, escribe, quel, quelle, est, saisissez, wie, lautet, ist, bitte, eingeben,
        angeben, qual è, inserisci, with, com, con, avec, mit, original, associated, related, valid,
        required, obrigatório, obligatorio, obligatoire, pflichtfeld, obbligatorio, información,
        informazioni, optional, opcional, in, en, em, and, y, et, und, or, ou, oder, field, campo, champ,
        feld, info, information, informação, informações, informations, details, me, you, we, us, to, can,
        reach, so, that, a, an, any, current, atual, actual, actuel, aktuell, attuale, correct, correto,
        here, aqui, same, as, on, which, exact, official, real, legal, custom, cf, urn, properties,
        column, coluna, columna, colonne, spalte, colonna, unnamed, kolumn, attributes, fields, para, pra,
        attribute, raw, unique, único, formatted, e164, normalized, intl, international, internacional,
        address, complete, completo, completa, full, form field, gerado, cadastrado, do cadastro,
        principal do, personal information, dados, object""",
}

# Words that only join others: headers and phrases are the same with and without them.
_JOINING = """
    op, of, the, for, from, by, do, da, de, dos, das, del, della, dello, dell, di, du, des, d, la, le,
    les, l, el, los, las, lo, i, gli, al, a, o, os, as, der, die, dem, den, von, vom, zur, zum, für, fur,
    pour, per, para, por, au, aux, à, ao, s, e, il, un, una, uno, une, ein, eine, na, nas, at, to, в, для,
    van, het"""


def listed(words: str) -> frozenset[str]:
    """The words of a list with commas between them."""
    return frozenset(word.strip() for word in words.split(","))


JOINING_WORDS = listed(_JOINING)
# Who uses a system: the person of a row, or as often the colleague who keeps it.
USERS = listed("user, usuario, usuaria, utente, utilisateur, utilizador, benutzer, gebruiker")
